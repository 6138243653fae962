package org.parley.it;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * What is in the WAR is in its bill of materials, and in {@code docs/licenses.md} with a licence
 * that the project takes.
 */
class LicensesIT {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "docs", "licenses.md");
  private static final String SBOM = "META-INF/sbom/parley.cdx.json";
  private static final String LIBRARIES = "WEB-INF/lib/";
  private static final Set<String> TAKEN =
      Set.of("Apache-2.0", "EPL-2.0", "GPL-2.0-only", "GPL-2.0-with-classpath-exception");
  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| ([^ |]+) \\| ([^|]+) \\|", Pattern.MULTILINE);

  /** Of the page or of the bill of materials. */
  private record Entry(String name, String version, String licenses) {}

  @Test
  void givenWar_whenItsLibrariesAreHashed_thenTheBillOfMaterialsHasEachAndNoOther()
      throws IOException {
    var listed = new TreeMap<String, String>();
    for (var component : components()) {
      listed.put(fileName(component), hash(component));
    }

    assertThat(listed).hasSizeGreaterThan(15).isEqualTo(libraries());
  }

  @Test
  void givenBillOfMaterials_whenComparedWithThePage_thenTheyAgreeAndEachLicenceIsTaken()
      throws IOException {
    var inWar = components().stream().map(LicensesIT::entry).toList();

    assertThat(problems(inWar, entries(Files.readString(PAGE)))).isEmpty();
  }

  @Test
  void givenFaults_whenCompared_thenEachIsFound() {
    var page =
        """
        | dependency | version | licences |
        |---|---|---|
        | `org.example:same` | 1.0 | Apache-2.0 |
        | `org.example:older` | 1.0 | Apache-2.0 |
        | `org.example:gone` | 1.0 | EPL-2.0 |
        | `org.example:other` | 1.0 | AGPL-3.0-only |
        """;
    var inWar =
        List.of(
            new Entry("org.example:same", "1.0", "Apache-2.0"),
            new Entry("org.example:older", "1.1", "Apache-2.0"),
            new Entry("org.example:new", "1.0", "EPL-2.0"),
            new Entry("org.example:none", "1.0", ""),
            new Entry("org.example:other", "1.0", "AGPL-3.0-only"));

    assertThat(problems(inWar, entries(page)))
        .containsExactly(
            "not on the page: org.example:older 1.1 Apache-2.0",
            "not on the page: org.example:new 1.0 EPL-2.0",
            "not on the page: org.example:none 1.0 ",
            "not taken: org.example:none 1.0 ",
            "not taken: org.example:other 1.0 AGPL-3.0-only",
            "not in the WAR: org.example:older 1.0 Apache-2.0",
            "not in the WAR: org.example:gone 1.0 EPL-2.0");
  }

  private static List<String> problems(List<Entry> inWar, List<Entry> page) {
    var problems = new ArrayList<String>();
    for (var entry : inWar) {
      if (!page.contains(entry)) {
        problems.add("not on the page: " + text(entry));
      }
    }
    for (var entry : inWar) {
      if (!TAKEN.containsAll(List.of(entry.licenses.split(" or ", -1)))) {
        problems.add("not taken: " + text(entry));
      }
    }
    var known = new HashSet<>(inWar);
    for (var entry : page) {
      if (!known.contains(entry)) {
        problems.add("not in the WAR: " + text(entry));
      }
    }
    return problems;
  }

  private static String text(Entry entry) {
    return entry.name + " " + entry.version + " " + entry.licenses;
  }

  private static List<Entry> entries(String page) {
    return ROW.matcher(page)
        .results()
        .map(row -> new Entry(row.group(1), row.group(2), row.group(3)))
        .toList();
  }

  private static Entry entry(JsonObject component) {
    var name = component.getString("group") + ":" + component.getString("name");
    var classifier = classifier(component);
    var licenses =
        component.getJsonArray("licenses").getValuesAs(JsonObject.class).stream()
            .map(choice -> choice.getJsonObject("license"))
            .map(license -> license.getString("id", license.getString("name", "?")))
            .collect(joining(" or "));
    return new Entry(
        classifier.isEmpty() ? name : name + ":" + classifier,
        component.getString("version"),
        licenses);
  }

  private static String fileName(JsonObject component) {
    var classifier = classifier(component);
    return component.getString("name")
        + "-"
        + component.getString("version")
        + (classifier.isEmpty() ? "" : "-" + classifier)
        + ".jar";
  }

  private static String classifier(JsonObject component) {
    var purl = component.getString("purl");
    return purl.contains("classifier=") ? purl.replaceAll(".*classifier=([^&]*).*", "$1") : "";
  }

  private static String hash(JsonObject component) {
    return component.getJsonArray("hashes").getValuesAs(JsonObject.class).stream()
        .filter(hash -> hash.getString("alg").equals("SHA-256"))
        .map(hash -> hash.getString("content"))
        .collect(joining());
  }

  private static List<JsonObject> components() throws IOException {
    try (var war = new ZipFile(WarAsBuilt.WAR.toFile());
        var reader =
            Json.createReader(war.getInputStream(Objects.requireNonNull(war.getEntry(SBOM))))) {
      var bom = reader.readObject();
      assertThat(bom)
          .containsEntry("bomFormat", Json.createValue("CycloneDX"))
          .containsEntry("specVersion", Json.createValue("1.6"));
      return bom.getJsonArray("components").stream().map(JsonValue::asJsonObject).toList();
    }
  }

  /** The SHA-256 of each, by file name. */
  private static Map<String, String> libraries() throws IOException {
    var libraries = new TreeMap<String, String>();
    try (var war = new ZipFile(WarAsBuilt.WAR.toFile())) {
      for (var entry : war.stream().filter(e -> e.getName().startsWith(LIBRARIES)).toList()) {
        if (!entry.isDirectory()) {
          try (var in = war.getInputStream(entry)) {
            libraries.put(entry.getName().substring(LIBRARIES.length()), sha256(in));
          }
        }
      }
    }
    return libraries;
  }

  private static String sha256(InputStream in) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(in.readAllBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
