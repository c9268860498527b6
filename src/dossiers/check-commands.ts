/** How a stranger checks a dossier with tools that are not ours: printed on the paper and shown beside the downloads. */
export function checkCommands(name: string): string[] {
  return [
    `unzip ${name}.zip`,
    `cd ${name}`,
    "sha256sum -c manifest-sha256.txt",
    "sha256sum -c tagmanifest-sha256.txt",
    "openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin \\",
    "  -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig",
    "openssl pkey -pubin -in signing-key.pem -outform DER | sha256sum",
  ];
}
