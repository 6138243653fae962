// Tells liberty-maven-plugin which JDK the server runs on: the one that the toolchains plugin found.
// The plugin writes the property into the server's server.env.
def toolchains = session.container.lookup('org.apache.maven.toolchain.ToolchainManager')
def jdk = toolchains.getToolchainFromBuildContext('jdk', session)
def home = jdk ? new File(jdk.findTool('java')).parentFile.parent : System.getProperty('java.home')
project.properties['liberty.env.JAVA_HOME'] = home
project.properties['build.jdk'] = home
