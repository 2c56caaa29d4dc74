/// Membership in etcd, over the JSON form of its interface.
package dev.holdfast.registry.etcd;
