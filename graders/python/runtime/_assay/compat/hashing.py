"""``hashlib.pbkdf2_hmac`` in Python: the C version lives in OpenSSL, which is not here."""

from _assay.pristine import names as __builtins__

import hashlib
import hmac


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """Password-based key derivation (PKCS #5 v2.0)."""
    if not isinstance(hash_name, str):
        raise TypeError("expected a text for hash_name")
    size = hashlib.new(hash_name).digest_size
    dklen = size if dklen is None else dklen
    if dklen < 1 or iterations < 1:
        raise ValueError("iterations and key length must be greater than 0")
    base = hmac.new(bytes(password), None, hash_name)
    derived, block = b"", 1
    while len(derived) < dklen:
        step = base.copy()
        step.update(bytes(salt) + block.to_bytes(4, "big"))
        last = step.digest()
        total = int.from_bytes(last, "big")
        for _ in range(iterations - 1):
            step = base.copy()
            step.update(last)
            last = step.digest()
            total ^= int.from_bytes(last, "big")
        derived += total.to_bytes(size, "big")
        block += 1
    return derived[:dklen]


def install():
    """Adds what is missing."""
    if not hasattr(hashlib, "pbkdf2_hmac"):
        hashlib.pbkdf2_hmac = pbkdf2_hmac
