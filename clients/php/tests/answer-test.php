<?php

declare(strict_types=1);

use Muster\Legacy\client\NorthApiException;
use Muster\Legacy\internal\Answers;
use Muster\Legacy\internal\Encoding;
use Muster\Legacy\internal\Reply;

$failureOf = static function (int $status, string $reason, string $body): NorthApiException {
    try {
        Answers::decode(new Reply($status, $reason, $body));
    } catch (NorthApiException $failure) {
        return $failure;
    }
    throw new LogicException("$status with $body is no failure.");
};

return [
    'an answer is decoded to arrays, an empty one to null' => static function (): void {
        same(['data' => [['fileId' => 'f']]], Answers::decode(new Reply(200, 'OK', '{"data":[{"fileId":"f"}]}')));
        same([], Answers::decode(new Reply(200, 'OK', '{}')));
        same(null, Answers::decode(new Reply(200, 'OK', '')));
        same(null, Answers::decode(new Reply(204, 'No Content', '')));
    },
    'an error code is a failure at any status' => static function () use ($failureOf): void {
        $body = ['error_code' => '105005', 'error_desc' => 'The batchTask is not existed.', 'error_detail' => 'taskId'];
        foreach ([200, 404] as $status) {
            $failure = $failureOf($status, 'Not Found', (string) json_encode($body));
            same(['105005', 'The batchTask is not existed.'], [$failure->error_code, $failure->error_desc]);
            same([$status, 'Not Found', $body], [$failure->httpStatusCode, $failure->httpReasonPhase, $failure->httpMessage]);
            same('105005 The batchTask is not existed. (taskId)', $failure->getMessage());
        }
    },
    'a status from 300 on is a failure without a code' => static function () use ($failureOf): void {
        foreach ([[302, ''], [502, '{"a":1}'], [500, '[]']] as [$status, $body]) {
            same('1005', $failureOf($status, '', $body)->error_code);
        }
        $failure = $failureOf(502, 'Bad Gateway', '<html>');
        same(['1011', 502, '<html>'], [$failure->error_code, $failure->httpStatusCode, $failure->httpMessage]);
    },
    'a success that is no JSON object cannot be returned' => static function () use ($failureOf): void {
        foreach (['<html>', '[]', '1', '"a"'] as $body) {
            same('1011', $failureOf(200, 'OK', $body)->error_code, $body);
        }
    },
    'an exception is written as text with its members' => static function () use ($failureOf): void {
        $failure = $failureOf(404, 'Not Found', '{"error_code":"105005","error_desc":"The batchTask is not existed."}');
        $expected = 'NorthApiException [error_code=105005, error_desc=The batchTask is not existed., httpStatusCode=404,'
            . ' httpReasonPhase=Not Found,'
            . ' httpMessage={"error_code":"105005","error_desc":"The batchTask is not existed."}]';
        same($expected, (string) $failure);
        same(-1, (new NorthApiException())->httpStatusCode);
        same([null, false], [$failure->other, isset($failure->other)]);
    },
    'members that are null are not sent in a query' => static function (): void {
        same('', Encoding::query(null));
        same('', Encoding::query(['a' => null]));
        same('?a=1&b=true&c=false&d=x%20%26%C3%BC', Encoding::query(['a' => 1, 'b' => true, 'c' => false, 'd' => 'x &ü']));
        refused('1003', fn () => Encoding::query(['a' => ['b']]));
        same('..%2Fa%3Fb%23c%25', Encoding::segment('../a?b#c%'));
    },
    'a form of usual values looks as the original sends it' => static function (): void {
        same('appId=App_1-x&secret=aB9', Encoding::form(['appId' => 'App_1-x', 'secret' => 'aB9']));
    },
    'what JSON cannot say is refused' => static function (): void {
        foreach ([NAN, "\xff"] as $value) {
            refused('1003', fn () => Encoding::json(['a' => $value]));
        }
        same('{"a":1.0,"b":"ß/"}', Encoding::json(['a' => 1.0, 'b' => 'ß/', 'c' => null]));
    },
];
