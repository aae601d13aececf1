<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

use Muster\Legacy\client\NorthApiException;

/** From a reply to the decoded answer, or to the exception that it means. */
final class Answers
{
    private const FLAGS = JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING;

    /** @return array<string, mixed>|null null of an empty body */
    public static function decode(Reply $reply): ?array
    {
        $body = self::bodyOf($reply);
        if (is_array($body) && isset($body['error_code'])) {
            throw new NorthApiException(
                (string) $body['error_code'],
                isset($body['error_desc']) ? Text::of($body['error_desc']) : null,
                $reply->status,
                $reply->reason,
                $body
            );
        }
        if ($reply->status >= 300) {
            throw ClientProblem::withReply(ClientProblem::STATUS, "HTTP {$reply->status}.", $reply, $body);
        }
        // `{}` and `[]` are decoded alike.
        if ($body !== null && !str_starts_with(ltrim($reply->body), '{')) {
            throw ClientProblem::withReply(ClientProblem::NOT_JSON, "HTTP {$reply->status}.", $reply, $body);
        }
        return $body;
    }

    private static function bodyOf(Reply $reply): mixed
    {
        try {
            return trim($reply->body) === '' ? null : json_decode($reply->body, true, 512, self::FLAGS);
        } catch (\JsonException) {
            throw ClientProblem::withReply(ClientProblem::NOT_JSON, "HTTP {$reply->status}.", $reply, $reply->body);
        }
    }
}
