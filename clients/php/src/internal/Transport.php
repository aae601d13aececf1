<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

use Muster\Legacy\client\NorthApiException;

/** HTTP by curl. One handle for all calls keeps their connection. */
final class Transport
{
    private ?\CurlHandle $handle = null;
    /** The last line with a status, and its words. */
    private int $status = 0;
    private string $reason = '';

    /** @param array<int, mixed> $options of curl, beyond those of the request */
    public function exchange(string $address, Request $request, array $options): Reply
    {
        $this->status = 0;
        $this->reason = '';
        $handle = $this->handle ??= self::open();
        // Connections outlive a reset.
        curl_reset($handle);
        curl_setopt_array($handle, $this->optionsOf($address, $request) + $options);
        $body = curl_exec($handle);
        if (!is_string($body)) {
            throw $this->failure($address, curl_errno($handle), curl_error($handle));
        }
        return new Reply($this->status, $this->reason, $body);
    }

    public function close(): void
    {
        $this->handle = null;
    }

    private static function open(): \CurlHandle
    {
        $handle = curl_init();
        if ($handle === false) {
            throw ClientProblem::of(ClientProblem::INTERNAL, 'curl cannot be started.');
        }
        return $handle;
    }

    /** @return array<int, mixed> */
    private function optionsOf(string $address, Request $request): array
    {
        $options = [
            CURLOPT_URL => $address . $request->target,
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTPHEADER => self::lines($request),
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_PATH_AS_IS => true,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_HEADERFUNCTION => fn (\CurlHandle $_, string $line): int => $this->readLine($line),
        ];
        if ($request->method !== 'GET' && $request->method !== 'DELETE') {
            $options[CURLOPT_POSTFIELDS] = $request->body ?? '';
        }
        return $options;
    }

    /** @return list<string> */
    private static function lines(Request $request): array
    {
        // curl would call an empty body a form.
        $lines = $request->body === null ? ['Content-Type:'] : [];
        foreach ($request->headers as $name => $value) {
            if (preg_match('/[\r\n\0]/', $value) === 1) {
                throw ClientProblem::of(ClientProblem::BEFORE_CALL, "The header $name would contain a line break.");
            }
            $lines[] = "$name: $value";
        }
        return $lines;
    }

    private function readLine(string $line): int
    {
        if (preg_match('~^HTTP/[\d.]+ (\d{3}) ?(.*?)\r?\n$~', $line, $found) === 1) {
            $this->status = (int) $found[1];
            $this->reason = $found[2];
        }
        return strlen($line);
    }

    private function failure(string $address, int $number, string $text): NorthApiException
    {
        $detail = "$address: $text (curl $number).";
        if (in_array($number, [CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE], true)) {
            return ClientProblem::of(ClientProblem::CERTIFICATE_PATH, $detail);
        }
        $reply = new Reply($this->status, $this->reason, '');
        return $this->status < 200
            ? ClientProblem::of(ClientProblem::BEFORE_CALL, $detail)
            : ClientProblem::withReply(ClientProblem::AFTER_CALL, $detail, $reply);
    }
}
