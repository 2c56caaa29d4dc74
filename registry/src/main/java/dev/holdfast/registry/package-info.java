/// Membership: who says to be a member, by the word of a registry that nobody trusts.
package dev.holdfast.registry;
