/// Membership views.
package dev.holdfast.registry;
