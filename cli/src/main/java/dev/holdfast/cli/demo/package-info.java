/// The whole story on one machine: real processes on a simulated platform, real `kill -9`.
package dev.holdfast.cli.demo;
