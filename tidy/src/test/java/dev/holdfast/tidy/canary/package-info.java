/// Classes that break one house rule each, on purpose: a rule that does not find its canary is
/// dead.
package dev.holdfast.tidy.canary;
