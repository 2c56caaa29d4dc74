package dev.holdfast.tidy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;

/// A library is used by the modules named for it and by no other.
final class ThirdParties extends ArchCondition<JavaClass> {
  private final Map<String, List<String>> modulesByPackage;

  ThirdParties(Map<String, List<String>> modulesByPackage) {
    super("use third parties only in " + modulesByPackage);
    this.modulesByPackage = modulesByPackage;
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      String target = dependency.getTargetClass().getPackageName() + ".";
      for (var rule : modulesByPackage.entrySet()) {
        boolean foreign = target.startsWith(rule.getKey() + ".");
        boolean allowed =
            rule.getValue().stream().anyMatch(m -> ArchitectureTest.inModule(type, m));
        if (foreign && !allowed) {
          events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
        }
      }
    }
  }
}
