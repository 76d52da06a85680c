"""A QR code of one size (ISO/IEC 18004, version 9, level L, mask 0): enough for an address."""

SIZE, QUIET = 53, 4
DATA, CHECK, BLOCKS = 232, 30, 2
LONGEST = DATA - 2
FORMAT, VERSION = 0x77C4, 0x09A99
"""Level L with mask 0, and version 9, each with the bits that guard it."""
ALIGNED = (6, 26, 46)
Squares = list[list[bool | None]]


def picture(text: str) -> str:
    """Return the dark squares as the path of an SVG of SIZE + 2 * QUIET units."""
    drawn = []
    for y, row in enumerate(squares(text)):
        drawn += [f"M{x + QUIET} {y + QUIET}h1v1h-1z" for x, dark in enumerate(row) if dark]
    return "".join(drawn)


def squares(text: str) -> list[list[bool]]:
    """Return the rows of squares, dark ones true."""
    board: Squares = [[None] * SIZE for _ in range(SIZE)]
    _frame(board)
    _guards(board)
    _fill(board, _codewords(text.encode()))
    return [[bool(square) for square in row] for row in board]


def _codewords(said: bytes) -> list[int]:
    """Return the text's bytes and those that mend them, block beside block."""
    if len(said) > LONGEST:
        raise ValueError("This text is too long for a QR code of this size.")
    bits = f"0100{len(said):08b}" + "".join(f"{byte:08b}" for byte in said) + "0000"
    data = [int(bits[start : start + 8].ljust(8, "0"), 2) for start in range(0, len(bits), 8)]
    data += [(0xEC, 0x11)[number % 2] for number in range(DATA - len(data))]
    share = DATA // BLOCKS
    blocks = [data[start : start + share] for start in range(0, DATA, share)]
    checks = [_check(block) for block in blocks]
    return [each for group in (blocks, checks) for row in zip(*group, strict=True) for each in row]


def _times(one: int, other: int) -> int:
    """Multiply in the field of 256 elements that QR codes use."""
    product = 0
    for bit in range(8):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11D << (bit - 8)
    return product


def _check(block: list[int]) -> list[int]:
    """Return the Reed-Solomon remainder of a block."""
    generator, root = [1], 1
    for _ in range(CHECK):
        shifted, scaled = [*generator, 0], [0, *(_times(each, root) for each in generator)]
        generator = [one ^ other for one, other in zip(shifted, scaled, strict=True)]
        root = _times(root, 2)
    rest = [*block, *[0] * CHECK]
    for place in range(len(block)):
        lead = rest[place]
        for step, factor in enumerate(generator):
            rest[place + step] ^= _times(factor, lead)
    return rest[len(block) :]


def _frame(board: Squares) -> None:
    """Draw what every code of this size has: corners, dotted lines, small squares."""
    for y, x in ((0, 0), (0, SIZE - 7), (SIZE - 7, 0)):
        _rings(board, y + 3, x + 3, 4)
    for place in range(8, SIZE - 8):
        board[6][place] = board[place][6] = place % 2 == 0
    for y in ALIGNED:
        for x in ALIGNED:
            if board[y][x] is None or (6 in (y, x) and 26 in (y, x)):
                _rings(board, y, x, 2)


def _rings(board: Squares, middle_y: int, middle_x: int, reach: int) -> None:
    for y in range(max(0, middle_y - reach), min(SIZE, middle_y + reach + 1)):
        for x in range(max(0, middle_x - reach), min(SIZE, middle_x + reach + 1)):
            far = max(abs(y - middle_y), abs(x - middle_x))
            board[y][x] = far in {0, 2} if reach == 2 else far not in {2, 4}


def _guards(board: Squares) -> None:
    """Draw twice how the code is to be read, and which version it is."""
    for bit in range(15):
        dark = bool(FORMAT >> bit & 1)
        down = bit if bit < 6 else bit + 1 if bit < 8 else SIZE - 15 + bit
        across = SIZE - 1 - bit if bit < 8 else 7 if bit == 8 else 14 - bit
        board[down][8] = board[8][across] = dark
    board[SIZE - 8][8] = True
    for bit in range(18):
        dark = bool(VERSION >> bit & 1)
        board[bit // 3][SIZE - 11 + bit % 3] = board[SIZE - 11 + bit % 3][bit // 3] = dark


def _fill(board: Squares, codewords: list[int]) -> None:
    """Lay the bits in columns of two, upwards and downwards in turn, and mask them."""
    bits = (byte >> bit & 1 for byte in codewords for bit in range(7, -1, -1))
    up = True
    for right in (*range(SIZE - 1, 6, -2), 5, 3, 1):
        for y in range(SIZE - 1, -1, -1) if up else range(SIZE):
            for x in (right, right - 1):
                if board[y][x] is None:
                    board[y][x] = bool(next(bits, 0)) ^ ((y + x) % 2 == 0)
        up = not up
