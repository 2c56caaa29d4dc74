/// What an operator may set: every key with its meaning and default, read strictly.
package dev.holdfast.daemon.config;
