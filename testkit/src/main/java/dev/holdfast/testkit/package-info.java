/// What tests of several modules share.
package dev.holdfast.testkit;
