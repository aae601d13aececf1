<?php

declare(strict_types=1);

/*
 * Finds our class when a program asks for one by its original name. Each class file declares its original name itself: `catch` and
 * parameter types load no class, so the name has to be there as soon as an object can be.
 */

spl_autoload_register(static function (string $class): void {
    $original = 'North_PHP_SDK\\client\\';
    if (str_starts_with($class, $original)) {
        class_exists('Muster\\Legacy\\client\\' . substr($class, strlen($original)));
    }
});
