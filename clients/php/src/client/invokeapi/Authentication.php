<?php

declare(strict_types=1);

namespace Muster\Legacy\client\invokeapi;

use Muster\Legacy\client\dto\AuthOutDTO;
use Muster\Legacy\client\dto\AuthRefreshInDTO;
use Muster\Legacy\client\dto\AuthRefreshOutDTO;
use Muster\Legacy\internal\Calls;
use Muster\Legacy\internal\Checks;
use Muster\Legacy\internal\Encoding;
use Muster\Legacy\internal\Request;

/** Tokens. */
class Authentication extends Calls
{
    private const ROOT = '/iocm/app/sec/v1.1.0';

    /** Signs in the application of the client's clientInfo. */
    public function getAuthToken(): ?AuthOutDTO
    {
        $info = $this->client()->checkedClientInfo();
        $form = Encoding::form(['appId' => $info->appId, 'secret' => $info->secret]);
        $headers = ['Content-Type' => 'application/x-www-form-urlencoded'];
        $answer = $this->client()->send(new Request('POST', self::ROOT . '/login', $headers, $form));
        return $answer === null ? null : AuthOutDTO::ofAnswer($answer);
    }

    /** Needs all members of the DTO. */
    public function refreshAuthToken(AuthRefreshInDTO $arInDTO): ?AuthRefreshOutDTO
    {
        $body = ['appId' => $arInDTO->appId, 'secret' => $arInDTO->secret, 'refreshToken' => $arInDTO->refreshToken];
        Checks::input($body);
        Checks::noSpace(['appId' => $arInDTO->appId, 'secret' => $arInDTO->secret]);
        $answer = $this->client()->send(Request::json(self::ROOT . '/refreshToken', $body));
        return $answer === null ? null : AuthRefreshOutDTO::ofAnswer($answer);
    }

    /** Ends a token. Not in the original client. */
    public function logout(?string $accessToken): void
    {
        Checks::token($accessToken);
        $this->client()->send(Request::json(self::ROOT . '/logout', ['accessToken' => $accessToken]));
    }
}

\class_alias(Authentication::class, 'North_PHP_SDK\client\invokeapi\Authentication');
