// Writes target/sbom/parley.cdx.json: what is in the WAR, as a CycloneDX 1.6 bill of materials. The same dependencies give
// the same bytes: no time, no serial number. Why not cyclonedx-maven-plugin: docs/adr/0002.
import groovy.json.JsonOutput
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import org.apache.maven.artifact.Artifact
import org.apache.maven.project.DefaultProjectBuildingRequest

// What POMs call licences, and their SPDX identifiers. A name that is not here stays a name, and LicensesIT refuses it.
final Map<String, String> SPDX = [
  'Apache License 2.0': 'Apache-2.0',
  'Apache License, Version 2.0': 'Apache-2.0',
  'Apache-2.0': 'Apache-2.0',
  'The Apache Software License, Version 2.0': 'Apache-2.0',
  'Eclipse Public License 2.0': 'EPL-2.0',
  'Eclipse Public License v. 2.0': 'EPL-2.0',
  'GNU General Public License, version 2': 'GPL-2.0-only',
  'GNU General Public License, version 2 with the GNU Classpath Exception': 'GPL-2.0-with-classpath-exception',
]

def builder = session.container.lookup('org.apache.maven.project.ProjectBuilder')
def repository = session.container.lookup('org.apache.maven.repository.RepositorySystem')

def licensesOf = { model ->
  model.licenses.collect { [license: SPDX[it.name] ? [id: SPDX[it.name]] : [name: it.name]] }
}

// Its own POM or a parent's names the licences; both are in the local repository since its dependencies were resolved.
def modelOf = { Artifact artifact ->
  def request = new DefaultProjectBuildingRequest(session.projectBuildingRequest)
  request.processPlugins = false
  request.resolveDependencies = false
  request.project = null
  builder.build(repository.createProjectArtifact(artifact.groupId, artifact.artifactId, artifact.version), request).project
}

def purl = { Artifact artifact ->
  def classifier = artifact.hasClassifier() ? "classifier=${artifact.classifier}&" : ''
  "pkg:maven/${artifact.groupId}/${artifact.artifactId}@${artifact.version}?${classifier}type=${artifact.type}".toString()
}

def hashes = { File file ->
  ['SHA-256', 'SHA-512'].collect {
    [alg: it, content: MessageDigest.getInstance(it).digest(file.bytes).encodeHex().toString()]
  }
}

def inWar = project.artifacts
    .findAll { it.scope in [Artifact.SCOPE_COMPILE, Artifact.SCOPE_RUNTIME] }
    .sort { purl(it) }
def self = purl(project.artifact)
def refs = inWar.collectEntries { [it.id, purl(it)] }
def broughtBy = { ref, artifact -> (refs[artifact.dependencyTrail[-2]] ?: self) == ref }

def bom = [
  '$schema': 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: [
    component: [
      type: 'application', 'bom-ref': self, group: project.groupId, name: project.artifactId,
      version: project.version, description: project.description, licenses: licensesOf(project), purl: self,
    ],
  ],
  components: inWar.collect {
    [
      type: 'library', 'bom-ref': purl(it), group: it.groupId, name: it.artifactId, version: it.version,
      scope: 'required', hashes: hashes(it.file), licenses: licensesOf(modelOf(it)), purl: purl(it),
    ]
  },
  // Each under the one that Maven has it from.
  dependencies: ([self] + inWar.collect(purl)).collect { ref ->
    [ref: ref, dependsOn: inWar.findAll { broughtBy(ref, it) }.collect(purl)]
  },
]

Path folder = Files.createDirectories(Path.of(project.build.directory, 'sbom'))
Files.writeString(folder.resolve('parley.cdx.json'), JsonOutput.prettyPrint(JsonOutput.toJson(bom)) + '\n')
