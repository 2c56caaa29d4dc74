package dev.holdfast.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LabelsTest {
  @Test
  void labels_all_areDistinctAndSayThePurpose() throws IllegalAccessException {
    Set<String> seen = new HashSet<>();
    for (Field field : Labels.class.getDeclaredFields()) {
      String label = (String) field.get(null);
      assertEquals(
          "holdfast/1/" + field.getName().toLowerCase(Locale.ROOT).replace('_', '-'), label);
      assertTrue(seen.add(label), label);
    }
    assertTrue(seen.size() >= 25);
  }
}
