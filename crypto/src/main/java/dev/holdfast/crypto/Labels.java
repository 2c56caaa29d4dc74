package dev.holdfast.crypto;

/// Every label of the project, `holdfast/1/<purpose>`: the first item of every frame that is
/// hashed, MACed, signed, derived from or bound to an envelope. One purpose, one label; a label
/// never changes its meaning.
///
/// Spec: docs/spec/envelope.md#labels
public final class Labels {
  // Report data: SHA-512 over frame(label, posture digest, …).
  public static final String ORIGIN = "holdfast/1/origin";
  public static final String MEMBER_RECORD = "holdfast/1/member-record";
  public static final String PROVIDER_PROOF = "holdfast/1/provider-proof";
  public static final String DEPOSIT = "holdfast/1/deposit";
  public static final String RECOVERY = "holdfast/1/recovery";
  public static final String CUSTODIAN_RECOVERY = "holdfast/1/custodian-recovery";

  // Digests and commitments.
  public static final String POSTURE = "holdfast/1/posture";
  public static final String ROOT_KEY_COMMITMENT = "holdfast/1/root-key-commitment";
  public static final String SHARE_COMMITMENT = "holdfast/1/share-commitment";
  public static final String CHALLENGE_LIST = "holdfast/1/challenge-list";
  public static final String DEPOSIT_ENTRY = "holdfast/1/deposit-entry";
  public static final String DEPOSIT_ENTRIES = "holdfast/1/deposit-entries";
  public static final String RECOVERY_ENTRY = "holdfast/1/recovery-entry";
  public static final String RECOVERY_ENTRIES = "holdfast/1/recovery-entries";
  public static final String DEPOSIT_DIGEST = "holdfast/1/deposit-digest";
  public static final String COMMITMENT_LIST = "holdfast/1/commitment-list";
  public static final String SHARING = "holdfast/1/sharing";
  public static final String CUSTODY_SHARING = "holdfast/1/custody-sharing";
  public static final String CUSTODY_TERMS = "holdfast/1/custody-terms";
  public static final String STORE_MARK = "holdfast/1/store-mark";
  public static final String CUSTODIAN_KEY = "holdfast/1/custodian-key";
  public static final String PLACEMENT = "holdfast/1/placement";
  public static final String STORE_NAME = "holdfast/1/store-name";
  public static final String LOG_ENTRY = "holdfast/1/log-entry";

  // Signatures.
  public static final String MEMBER_RECORD_SIGNATURE = "holdfast/1/member-record-signature";
  public static final String PROOF_REQUEST_SIGNATURE = "holdfast/1/proof-request-signature";
  public static final String PROVIDER_PROOF_SIGNATURE = "holdfast/1/provider-proof-signature";
  public static final String DEPOSIT_SIGNATURE = "holdfast/1/deposit-signature";
  public static final String RECEIPT_SIGNATURE = "holdfast/1/receipt-signature";
  public static final String NO_DEPOSIT_SIGNATURE = "holdfast/1/no-deposit-signature";
  public static final String RELEASE_SIGNATURE = "holdfast/1/release-signature";
  public static final String CLAIM_SIGNATURE = "holdfast/1/claim-signature";
  public static final String CLAIM_ANSWER_SIGNATURE = "holdfast/1/claim-answer-signature";
  public static final String WITNESS_SIGNATURE = "holdfast/1/witness-signature";
  public static final String WITNESS_ACK_SIGNATURE = "holdfast/1/witness-ack-signature";
  public static final String RETIRE_SIGNATURE = "holdfast/1/retire-signature";
  public static final String RETIRE_ACK_SIGNATURE = "holdfast/1/retire-ack-signature";
  public static final String POSSESSION_SIGNATURE = "holdfast/1/possession-signature";
  public static final String ACCEPTANCE_SIGNATURE = "holdfast/1/acceptance-signature";
  public static final String RELEASE_STATEMENT_SIGNATURE = "holdfast/1/release-statement-signature";
  public static final String LOG_CHECKPOINT_SIGNATURE = "holdfast/1/log-checkpoint-signature";
  public static final String KEY_CHECK_SIGNATURE = "holdfast/1/key-check-signature";

  // Envelopes: the first item of HPKE's info.
  public static final String DEPOSIT_ENVELOPE = "holdfast/1/deposit-envelope";
  public static final String RELEASE_ENVELOPE = "holdfast/1/release-envelope";
  public static final String CUSTODY_ENVELOPE = "holdfast/1/custody-envelope";
  public static final String CUSTODY_APPROVAL_ENVELOPE = "holdfast/1/custody-approval-envelope";

  // Keys and MACs.
  public static final String CHALLENGE_MAC = "holdfast/1/challenge-mac";
  public static final String DISK_TOKEN_KEY = "holdfast/1/disk-token-key";
  public static final String DISK_TOKEN_PROOF = "holdfast/1/disk-token-proof";
  public static final String POSSESSION_KEY = "holdfast/1/possession-key";
  public static final String POSSESSION_PROOF = "holdfast/1/possession-proof";
  public static final String MANIFEST_MAC_KEY = "holdfast/1/manifest-mac-key";
  public static final String MANIFEST_MAC = "holdfast/1/manifest-mac";
  public static final String STORE_KEY_ENCRYPTION_KEY = "holdfast/1/store-key-encryption-key";
  public static final String STORE_HEADER = "holdfast/1/store-header";
  public static final String STORE_KEY_CHECK = "holdfast/1/store-key-check";
  public static final String STORE_WRAP = "holdfast/1/store-wrap";
  public static final String STORE_STATE = "holdfast/1/store-state";
  public static final String STORE_RUN_KEY = "holdfast/1/store-run-key";
  public static final String STORE_RECORD = "holdfast/1/store-record";
  public static final String STORE_DIGEST_ELEMENT = "holdfast/1/store-digest-element";
  public static final String STORE_WITNESS = "holdfast/1/store-witness";
  public static final String DERIVED_KEY = "holdfast/1/derived-key";
  public static final String PASSPHRASE = "holdfast/1/passphrase";

  private Labels() {}
}
