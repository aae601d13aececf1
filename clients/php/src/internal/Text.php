<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

/** Values as people read them. */
final class Text
{
    private const FLAGS = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE
        | JSON_PARTIAL_OUTPUT_ON_ERROR;

    public static function of(mixed $value): string
    {
        if (is_string($value) || $value instanceof \Stringable) {
            return (string) $value;
        }
        return (string) json_encode($value, self::FLAGS);
    }
}
