<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** A tag with a type. */
class Tag2 extends Dto
{
    /** @var string|null */
    public $tagName;
    /** @var string|null */
    public $tagValue;
    /** @var string|null */
    public $tagType;
}

\class_alias(Tag2::class, 'North_PHP_SDK\client\dto\Tag2');
