<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

/** How parameters become paths, queries and bodies. */
final class Encoding
{
    private const FLAGS = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION
        | JSON_THROW_ON_ERROR;

    /**
     * Members that have a value; of null none.
     *
     * @return array<string, mixed>
     */
    public static function membersOf(mixed $dtoOrArray): array
    {
        if ($dtoOrArray === null) {
            return [];
        }
        if (!is_array($dtoOrArray) && !is_object($dtoOrArray)) {
            throw ClientProblem::of(ClientProblem::BEFORE_CALL, 'A DTO or an array is needed.');
        }
        $members = is_array($dtoOrArray) ? $dtoOrArray : get_object_vars($dtoOrArray);
        return array_filter($members, static fn (mixed $value): bool => $value !== null);
    }

    /** Compact UTF-8. Members that are null are left out of DTOs; an array below the first level stays as it is. */
    public static function json(mixed $dtoOrArray): string
    {
        try {
            return json_encode((object) self::membersOf($dtoOrArray), self::FLAGS);
        } catch (\JsonException $error) {
            $detail = "The body cannot be written as JSON: {$error->getMessage()}.";
            throw ClientProblem::of(ClientProblem::BEFORE_CALL, $detail, $error);
        }
    }

    /** @param array<string, mixed> $members */
    public static function form(array $members): string
    {
        $pairs = array_map(
            static fn (string $name, mixed $value): string => rawurlencode($name) . '=' . rawurlencode(self::text($value)),
            array_keys($members),
            $members
        );
        return implode('&', $pairs);
    }

    /** Empty, or with its question mark. */
    public static function query(mixed $dtoOrArray): string
    {
        $members = self::membersOf($dtoOrArray);
        return $members === [] ? '' : '?' . self::form($members);
    }

    /** One part of a path: an id with a slash or a question mark stays one id. */
    public static function segment(mixed $value): string
    {
        return rawurlencode(self::text($value));
    }

    private static function text(mixed $value): string
    {
        if (is_bool($value)) {
            return $value ? 'true' : 'false';
        }
        if (is_scalar($value) || $value instanceof \Stringable) {
            return (string) $value;
        }
        throw ClientProblem::of(ClientProblem::BEFORE_CALL, 'A query or path holds texts, numbers and booleans only.');
    }
}
