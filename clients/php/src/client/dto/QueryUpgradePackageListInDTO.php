<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Query of `queryUpgradePackageList`. */
class QueryUpgradePackageListInDTO extends Dto
{
    /** @var string|null */
    public $fileType;
    /** @var string|null */
    public $deviceType;
    /** @var string|null */
    public $model;
    /** @var string|null */
    public $manufacturerName;
    /** @var string|null */
    public $version;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
}

\class_alias(QueryUpgradePackageListInDTO::class, 'North_PHP_SDK\client\dto\QueryUpgradePackageListInDTO');
