<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

/**
 * The base of all DTOs: members are public properties, null at first. Unknown ones are read as null, and setting them does nothing.
 */
abstract class Dto implements \JsonSerializable
{
    public function __get(string $name): mixed
    {
        return null;
    }

    public function __set(string $name, mixed $value): void
    {
    }

    /** `ClassName [a=..., b=...]` */
    public function __toString(): string
    {
        $members = get_object_vars($this);
        $texts = array_map(
            static fn (string $name, mixed $value): string => $name . '=' . Text::of($value),
            array_keys($members),
            $members
        );
        return (new \ReflectionClass($this))->getShortName() . ' [' . implode(', ', $texts) . ']';
    }

    /** Without members that are null; an object even if nothing is left. */
    public function jsonSerialize(): object
    {
        return (object) Encoding::membersOf($this);
    }

    /**
     * Sets the members that the class knows.
     *
     * @param array<string, mixed> $members
     */
    public function fill(array $members): static
    {
        foreach (array_intersect_key($members, get_object_vars($this)) as $name => $value) {
            $this->$name = $value;
        }
        return $this;
    }
}
