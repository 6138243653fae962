// pki
