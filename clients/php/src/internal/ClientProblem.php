<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

use Muster\Legacy\client\NorthApiException;

/** What the client itself refuses or cannot do: code and sentence. */
final class ClientProblem
{
    public const INTERNAL = '1001';
    public const METHOD = '1002';
    public const BEFORE_CALL = '1003';
    public const AFTER_CALL = '1004';
    public const STATUS = '1005';
    public const CERTIFICATE_PATH = '1006';
    public const EMPTY_INPUT = '1007';
    public const CLIENT_INFO = '1008';
    public const ACCESS_TOKEN = '1009';
    public const SPACE = '1010';
    public const NOT_JSON = '1011';

    private const SENTENCES = [
        self::INTERNAL => 'The client met an internal error.',
        self::METHOD => 'The HTTP method is not one that the API has.',
        self::BEFORE_CALL => 'The request could not be made, or no answer came.',
        self::AFTER_CALL => 'The answer could not be read.',
        self::STATUS => 'The call failed without an error code.',
        self::CERTIFICATE_PATH => 'A certificate or key file cannot be used.',
        self::EMPTY_INPUT => 'A mandatory parameter is null or empty.',
        self::CLIENT_INFO => 'The client information is incomplete or wrong.',
        self::ACCESS_TOKEN => 'The accessToken is null or empty.',
        self::SPACE => 'appId and secret must not contain spaces.',
        self::NOT_JSON => 'The answer is not a JSON object.',
    ];

    /** Nothing came. `$detail` says what it was about. */
    public static function of(string $code, string $detail, ?\Throwable $cause = null): NorthApiException
    {
        return new NorthApiException($code, self::SENTENCES[$code] . ' ' . $detail, -1, null, null, $cause);
    }

    /** Something came. */
    public static function withReply(string $code, string $detail, Reply $reply, mixed $body = null): NorthApiException
    {
        $description = self::SENTENCES[$code] . ' ' . $detail;
        return new NorthApiException($code, $description, $reply->status, $reply->reason, $body);
    }
}
