/// The arithmetic below the keys and the sharing. Not exported: [dev.holdfast.crypto] is the
/// interface.
package dev.holdfast.crypto.field;
