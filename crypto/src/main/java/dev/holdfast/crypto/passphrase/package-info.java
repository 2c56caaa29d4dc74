/// Keys from what people remember.
package dev.holdfast.crypto.passphrase;
