<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryUpgradePackage`. */
class QueryUpgradePackageOutDTO extends OutDto
{
    /** @var string|null */
    public $fileId;
    /** @var string|null */
    public $name;
    /** @var string|null */
    public $version;
    /** @var string|null */
    public $fileType;
    /** @var string|null */
    public $deviceType;
    /** @var string|null */
    public $model;
    /** @var string|null */
    public $manufacturerName;
    /** @var string|null */
    public $protocolType;
    /** @var string|null */
    public $description;
    /** @var string|null */
    public $date;
    /** @var string|null */
    public $uploadTime;
}

\class_alias(QueryUpgradePackageOutDTO::class, 'North_PHP_SDK\client\dto\QueryUpgradePackageOutDTO');
