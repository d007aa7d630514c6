<?php // php shop.php BUG VALUE: ends by that bug. SHIFT stands where unrelated lines come and go.
// SHIFT
class Basket
{
    public ?Basket $parent = null;

    public function share(int $parts): int
    {
        return intdiv(100, $parts - $parts);
    }

    // SHIFT
    public function pay(string $value): void
    {
        throw new DomainException("card $value was declined");
    }

    public function root(): string
    {
        return $this->parent->root();
    }
}

[, $bug, $value] = $argv;
switch ($bug) {
    case 'division':
        (new Basket())->share((int) $value);
        break;
    case 'own_exception':
        (new Basket())->pay($value);
        break;
    case 'null_call':
        (new Basket())->root();
        break;
    case 'missing_function':
        rotate_the_logs($value);
        break;
    case 'memory':
        for ($kept = []; ; ) {
            $kept[] = str_repeat('x', 100000);
        }
}
