<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

/**
 * The base of what calls return: the top-level members are properties, everything below is associative arrays.
 */
abstract class OutDto extends Dto
{
    /** @var array<string, mixed> */
    private array $answer = [];

    /** @param array<string, mixed> $answer */
    public static function ofAnswer(array $answer): static
    {
        $dto = new static();
        $dto->answer = $answer;
        return $dto->fill($answer);
    }

    /**
     * The whole answer, with the members that the class does not know. Not in the original client.
     *
     * @return array<string, mixed>
     */
    public function answer(): array
    {
        return $this->answer;
    }
}
