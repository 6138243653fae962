package org.parley.policy.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The short names that Puppet gives to extensions below its own arc, 1.3.6.1.4.1.34380.1. */
final class PuppetExtensions {
  private static final String REGISTERED = "1.3.6.1.4.1.34380.1.1.";
  private static final String AUTHORIZATION = "1.3.6.1.4.1.34380.1.3.";
  private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9][0-9]{0,9})){1,30}");

  /** In the order of their numbers, from 1. */
  private static final List<String> REGISTERED_NAMES =
      List.of(
          "pp_uuid",
          "pp_instance_id",
          "pp_image_name",
          "pp_preshared_key",
          "pp_cost_center",
          "pp_product",
          "pp_project",
          "pp_application",
          "pp_service",
          "pp_employee",
          "pp_created_by",
          "pp_environment",
          "pp_role",
          "pp_software_version",
          "pp_department",
          "pp_cluster",
          "pp_provisioner",
          "pp_region",
          "pp_datacenter",
          "pp_zone",
          "pp_network",
          "pp_securitypolicy",
          "pp_cloudplatform",
          "pp_apptier",
          "pp_hostname",
          "pp_owner");

  private static final Map<String, String> OIDS = oids();

  private PuppetExtensions() {}

  private static Map<String, String> oids() {
    var oids = new LinkedHashMap<String, String>();
    for (int i = 0; i < REGISTERED_NAMES.size(); i++) {
      oids.put(REGISTERED_NAMES.get(i), REGISTERED + (i + 1));
    }
    oids.put("pp_authorization", AUTHORIZATION + 1);
    oids.put("pp_auth_role", AUTHORIZATION + 13);
    oids.put("pp_cli_auth", AUTHORIZATION + 39);
    return oids;
  }

  /** Returns the OID that a key of a file means: a short name, or an OID itself. */
  static Optional<String> oid(String key) {
    return OID.matcher(key).matches() ? Optional.of(key) : Optional.ofNullable(OIDS.get(key));
  }
}
