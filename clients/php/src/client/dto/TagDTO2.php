<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** A tag of a batch task. */
class TagDTO2 extends Dto
{
    /** @var string|null */
    public $tagName;
    /** @var string|null */
    public $tagValue;
}

\class_alias(TagDTO2::class, 'North_PHP_SDK\client\dto\TagDTO2');
