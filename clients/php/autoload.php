<?php

declare(strict_types=1);

/*
 * For programs without Composer: require this file once. Classes are found where PSR-4 has them.
 */

spl_autoload_register(static function (string $class): void {
    $prefix = 'Muster\\Legacy\\';
    if (!str_starts_with($class, $prefix)) {
        return;
    }
    $file = __DIR__ . '/src/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    if (is_file($file)) {
        require $file;
    }
});

require_once __DIR__ . '/src/original-names.php';
