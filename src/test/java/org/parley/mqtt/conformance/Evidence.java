package org.parley.mqtt.conformance;

import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;

/**
 * The tests that say by a {@link Tag} what they prove.
 *
 * @param tests by tag
 */
record Evidence(SortedMap<String, SequencedSet<Proof>> tests) {
  /** Packages whose tests speak MQTT to a broker, over TCP or WebSockets. */
  private static final Pattern WIRE = Pattern.compile("org/parley/(mqtt/conformance|it)/[^/]*");

  private static final ClassDesc TAG = Tag.class.describeConstable().orElseThrow();
  private static final ClassDesc TAGS = Tags.class.describeConstable().orElseThrow();

  /** Tags of a statement of MQTT 5.0 or of a row of the edge cases; there are others. */
  private static final Pattern OURS = Pattern.compile("(MQTT-|edge-).*");

  /**
   * A test.
   *
   * @param owner the class, without its package
   * @param method empty if the whole class bears the tag
   * @param onWire whether it speaks MQTT to a broker
   */
  record Proof(String owner, String method, boolean onWire) implements Comparable<Proof> {
    private static final Comparator<Proof> ORDER =
        Comparator.comparing(Proof::owner).thenComparing(Proof::method);

    @Override
    public int compareTo(Proof other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return method.isEmpty() ? owner : owner + "." + method;
    }
  }

  /** Reads the compiled classes below a directory, without loading them. */
  static Evidence in(Path directory) throws IOException {
    var evidence = new Evidence(new TreeMap<>());
    try (var files = Files.walk(directory)) {
      for (var file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        evidence.read(ClassFile.of().parse(file));
      }
    }
    return evidence;
  }

  private void read(ClassModel model) {
    var name = model.thisClass().asInternalName();
    var shortName = name.substring(name.lastIndexOf('/') + 1).replace('$', '.');
    boolean onWire = WIRE.matcher(name).matches();
    tags(model).forEach(tag -> add(tag, new Proof(shortName, "", onWire)));
    for (var method : model.methods()) {
      var proof = new Proof(shortName, method.methodName().stringValue(), onWire);
      tags(method).forEach(tag -> add(tag, proof));
    }
  }

  private static List<String> tags(AttributedElement element) {
    var tags = new ArrayList<String>();
    element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(found -> found.annotations().forEach(one -> tags.addAll(tags(one))));
    return tags;
  }

  private static List<String> tags(Annotation annotation) {
    var type = annotation.classSymbol();
    if (!type.equals(TAG) && !type.equals(TAGS)) {
      return List.of();
    }
    return values(annotation.elements().getFirst().value()).toList();
  }

  private static Stream<String> values(AnnotationValue value) {
    return switch (value) {
      case AnnotationValue.OfString text -> Stream.of(text.stringValue());
      case AnnotationValue.OfArray array -> array.values().stream().flatMap(Evidence::values);
      case AnnotationValue.OfAnnotation one -> tags(one.annotation()).stream();
      case AnnotationValue _ -> Stream.of();
    };
  }

  private void add(String tag, Proof proof) {
    if (OURS.matcher(tag).matches()) {
      tests.computeIfAbsent(tag, _ -> new TreeSet<>()).add(proof);
    }
  }

  /** Returns the tests with a tag, in alphabetical order. */
  List<Proof> of(String tag) {
    var found = tests.get(tag);
    return found == null ? List.of() : List.copyOf(found);
  }
}
