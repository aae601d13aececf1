<?php

declare(strict_types=1);

namespace Muster\Legacy\client;

use Muster\Legacy\internal\Text;

/**
 * A call that failed: an answer with `error_code`, another status than 2xx, or, with a code of the client itself (1001 to 1011, see
 * the README), what could not be sent or understood.
 *
 * @property-read string|null $error_code
 * @property-read string|null $error_desc
 * @property-read int $httpStatusCode -1 if nothing came
 * @property-read string|null $httpReasonPhase the words beside the status
 * @property-read mixed $httpMessage the body, decoded if it is JSON, else as text; null if nothing came
 */
class NorthApiException extends \Exception
{
    /** @var array<string, mixed> */
    private array $members;

    public function __construct(
        ?string $error_code = null,
        ?string $error_desc = null,
        int $httpStatusCode = -1,
        ?string $httpReasonPhase = null,
        mixed $httpMessage = null,
        ?\Throwable $previous = null
    ) {
        $said = is_array($httpMessage) ? Text::of($httpMessage['error_detail'] ?? '') : '';
        $detail = $said === '' ? '' : "($said)";
        parent::__construct(implode(' ', array_filter([$error_code, $error_desc, $detail])), 0, $previous);
        $this->members = [
            'error_code' => $error_code,
            'error_desc' => $error_desc,
            'httpStatusCode' => $httpStatusCode,
            'httpReasonPhase' => $httpReasonPhase,
            'httpMessage' => $httpMessage,
        ];
    }

    public function __get(string $name): mixed
    {
        return $this->members[$name] ?? null;
    }

    public function __isset(string $name): bool
    {
        return isset($this->members[$name]);
    }

    public function __toString(): string
    {
        $texts = [];
        foreach ($this->members as $name => $value) {
            $texts[] = $name . '=' . Text::of($value);
        }
        return 'NorthApiException [' . implode(', ', $texts) . ']';
    }
}

\class_alias(NorthApiException::class, 'North_PHP_SDK\client\NorthApiException');
