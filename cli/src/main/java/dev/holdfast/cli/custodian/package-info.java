/// What a custodian runs, offline: the key, the look at a request, the approval.
package dev.holdfast.cli.custodian;
