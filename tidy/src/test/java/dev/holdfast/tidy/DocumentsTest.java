package dev.holdfast.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.attestation.AttestationVerifier;
import dev.holdfast.attestation.Claims;
import dev.holdfast.attestation.Collateral;
import dev.holdfast.attestation.TrustAnchor;
import dev.holdfast.attestation.Verdict;
import dev.holdfast.attestation.policy.AttestationPolicy;
import dev.holdfast.attestation.tcb.TcbAppraisal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.store.Name;
import dev.holdfast.store.SealedStore;
import dev.holdfast.store.Space;
import dev.holdfast.store.StoreException;
import dev.holdfast.store.StoreIdentity;
import dev.holdfast.store.StoreWitness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's Java example is the code below, and it runs; commands and tests that documents name
/// exist.
final class DocumentsTest {
  private static final String README = Tree.read(Tree.ROOT.resolve("README.md"));

  @TempDir private Path folder;

  private String seen = "";
  private @Nullable StoreWitness remembered;

  @Test
  void javaExample_inReadme_isTheCodeRunHere() {
    Matcher block = Pattern.compile("(?s)```java\n(.*?)```").matcher(README);
    String here =
        Tree.read(Tree.ROOT.resolve("tidy/src/test/java/dev/holdfast/tidy/DocumentsTest.java"));
    List<String> code = here.lines().map(String::strip).toList();
    int blocks = 0;
    while (block.find()) {
      List<String> lines = block.group(1).lines().map(String::strip).toList();
      assertEquals(List.of(), lines.stream().filter(line -> !code.contains(line)).toList());
      assertTrue(lines.size() <= 8, "eight lines at most");
      blocks++;
    }
    assertEquals(2, blocks);
  }

  @Test
  void javaExample_onQuoteOfAnotherRoot_isRefused() throws Exception {
    Instant now = Instant.now();
    DevelopmentVendor vendor = DevelopmentVendor.generate(new SecureRandom(), now);
    Bytes simulated =
        vendor.platform(PlatformRecipe.of("readme")).quote(TdRecipe.ofImage("x"), Bytes.zero(64));
    write("quote.bin", simulated);
    write(
        "collateral.json",
        vendor.collateral(CollateralRecipe.defaults(PlatformRecipe.DEFAULT_FMSPC, now)));

    example();

    assertEquals("untrusted-root", seen);
  }

  private void example() throws Exception {
    var verifier = AttestationVerifier.of(TrustAnchor.intel());
    var collateral = Collateral.parse(read("collateral.json"));
    var quote = read("quote.bin");
    switch (verifier.verify(quote, collateral, AttestationPolicy.defaults(), Instant.now())) {
      case Verdict.Accepted(Claims claims, TcbAppraisal tcb) -> use(claims, tcb.status());
      case Verdict.Rejected rejected -> refuse(rejected.reason().code(), rejected.detail());
    }
  }

  @Test
  void storeExample_run_keepsTheValueForTheNextOpen() throws Exception {
    Path path = folder.resolve("store");
    Bytes storeId = Bytes.zero(StoreIdentity.STORE_ID_SIZE);
    Bytes account = Bytes.zero(StoreIdentity.ACCOUNT_SIZE);
    try (SecretBytes rootKey = SecretBytes.generate(32, new SecureRandom())) {
      storeExample(path, storeId, account, rootKey);
      assertEquals("s3cret", seen);
      StoreIdentity identity = new StoreIdentity(storeId, account);
      try (var store = SealedStore.open(path, identity, rootKey, new SecureRandom())) {
        store.requireAtLeast(Objects.requireNonNull(remembered));
        assertEquals(1, store.list(Space.USER).size());
      }
    }
  }

  private void storeExample(Path path, Bytes storeId, Bytes account, SecretBytes rootKey)
      throws StoreException {
    var identity = new StoreIdentity(storeId, account);
    try (var store = SealedStore.create(path, identity, 1, rootKey, new SecureRandom());
        var password = SecretBytes.copyOf("s3cret".getBytes(StandardCharsets.UTF_8))) {
      store.put(Space.USER, Name.of("db/password"), password);
      store.get(Space.USER, Name.of("db/password")).ifPresent(this::use);
      remember(store.witness());
    }
  }

  private void use(SecretBytes value) {
    try (value) {
      seen = value.apply(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private void remember(StoreWitness witness) {
    remembered = witness;
  }

  @Test
  void commands_inReadmeAndDocs_exist() {
    Pattern command = Pattern.compile("(?m)^(\\./(?:holdfast|dev|mvnw)) ?([a-z-]*)");
    String scripts = Tree.read(Tree.ROOT.resolve("dev")) + Tree.read(Tree.ROOT.resolve("holdfast"));
    List<String> known =
        List.of(
            "demo",
            "node",
            "config",
            "completion",
            "status",
            "secret",
            "custodian",
            "drill",
            "store",
            "quote",
            "recover",
            "rotate",
            "log",
            "leave",
            "policy",
            "release",
            "forecast",
            "insecure-entropy",
            "simulator",
            "verify",
            "check");
    for (Path file : Tree.files(".md")) {
      Matcher matcher = command.matcher(Tree.read(file));
      while (matcher.find()) {
        assertTrue(Files.isExecutable(Tree.ROOT.resolve(matcher.group(1))), matcher.group());
        String name = matcher.group(2);
        boolean exists = known.contains(name) || (!name.isEmpty() && scripts.contains(name));
        assertTrue(exists, Tree.name(file) + ": " + matcher.group());
      }
    }
  }

  @Test
  void tests_namedInThreatModel_exist() {
    String model = Tree.read(Tree.ROOT.resolve("docs/threat-model.md"));
    Matcher name = Pattern.compile("`([A-Z]\\w+Test)(?:\\.(\\w+)…)?`").matcher(model);
    int found = 0;
    while (name.find()) {
      String method = name.group(2);
      boolean exists =
          Tree.files("/" + name.group(1) + ".java").stream()
              .map(Tree::read)
              .anyMatch(test -> method == null || test.contains(" " + method));
      assertTrue(exists, name.group());
      found++;
    }
    assertTrue(found > 20, "the threat model names its tests");
  }

  private Bytes read(String name) throws Exception {
    return Bytes.copyOf(Files.readAllBytes(folder.resolve(name)));
  }

  private void write(String name, Bytes bytes) throws Exception {
    Files.write(folder.resolve(name), bytes.toArray());
  }

  private void use(Claims claims, Object status) {
    seen = claims + " " + status;
  }

  private void refuse(String code, String detail) {
    assertFalse(detail.isEmpty());
    seen = code;
  }
}
