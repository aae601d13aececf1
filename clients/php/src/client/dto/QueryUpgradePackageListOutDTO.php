<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryUpgradePackageList`. */
class QueryUpgradePackageListOutDTO extends OutDto
{
    /** @var array|null */
    public $data;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
    /** @var int|null */
    public $totalCount;
}

\class_alias(QueryUpgradePackageListOutDTO::class, 'North_PHP_SDK\client\dto\QueryUpgradePackageListOutDTO');
