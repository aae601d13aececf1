<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Certificates, as PEM files. The server's certificate is checked unless verifyCertificate is false. */
class SSLConfig extends Dto
{
    /** @var string|null the client's certificate; its key may stand in the same file */
    public $selfCertPath;
    /** @var string|null of the key in selfCertPath or selfKeyPath */
    public $selfCertPwd;
    /** @var string|null a private key is taken as the client's, as in the original; certificates as the authorities */
    public $trustCAPath;
    /** @var string|null of the key in trustCAPath */
    public $trustCAPwd;

    // What follows is not in the original client.

    /** @var string|null the authorities, or the server's own certificate; null: those of the system */
    public $caFile;
    /** @var string|null the client's key */
    public $selfKeyPath;
    /** @var bool false: any certificate is taken, and nothing protects secret and tokens from whoever sits in between */
    public $verifyCertificate = true;
    /** @var bool false: the certificate is checked, but not whether it names the host */
    public $verifyHostName = true;
}

\class_alias(SSLConfig::class, 'North_PHP_SDK\client\dto\SSLConfig');
