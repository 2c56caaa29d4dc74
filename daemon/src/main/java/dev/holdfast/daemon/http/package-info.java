/// HTTP at the edge: a table of routes with limits, served by Helidon; a bounded client.
package dev.holdfast.daemon.http;
