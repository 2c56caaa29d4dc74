/// The v1 profile as a server: insecure, in a process and a folder of its own.
package dev.holdfast.daemon.entropy;
