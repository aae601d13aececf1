<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

/** What is sent, without where to. */
final class Request
{
    /**
     * @param string $target path and query
     * @param array<string, string> $headers
     * @param string|array<string, \CURLFile>|null $body an array is sent as multipart/form-data
     */
    public function __construct(
        public string $method,
        public string $target,
        public array $headers = [],
        public string|array|null $body = null
    ) {
    }

    public static function json(string $target, mixed $body): self
    {
        return new self('POST', $target, ['Content-Type' => 'application/json'], Encoding::json($body));
    }

    /** @param array<string, string> $headers */
    public function with(array $headers): self
    {
        return new self($this->method, $this->target, $headers + $this->headers, $this->body);
    }
}
