// The Postgres binaries come as an npm package and bring libraries of their own. Which ones no package file says, so
// they are written down here as they are in the package for Linux on x64; a test holds this list against its files.

export const postgresVersion = '18.4';

export interface BundledLibrary {
  readonly name: string;
  readonly version: string;
  /** By its SPDX name, or in words where it has none. */
  readonly licence: { readonly id: string } | { readonly name: string };
  /** Its file in the package's folder of libraries, and what stands in it. */
  readonly file: string;
  readonly mark: string;
}

export const bundledWithPostgres: readonly BundledLibrary[] = [
  {
    name: 'openssl',
    version: '1.1.1',
    licence: { id: 'OpenSSL' },
    file: 'libssl.so.1.1',
    mark: 'OpenSSL 1.1.1  11 Sep 2018',
  },
  {
    name: 'zlib',
    version: '1.2.11',
    licence: { id: 'Zlib' },
    file: 'libz.so.1',
    mark: 'inflate 1.2.11 Copyright',
  },
  {
    name: 'icu',
    version: '60.2',
    licence: { id: 'ICU' },
    file: 'libicuuc.so.60.2',
    mark: 'icudt60',
  },
  {
    name: 'libxml2',
    version: '2.9.4',
    licence: { id: 'MIT' },
    file: 'libxml2.so.2',
    mark: '20904',
  },
  {
    name: 'libxslt',
    version: '1.1.29',
    licence: { id: 'MIT' },
    file: 'libxslt.so.1',
    mark: '10129',
  },
  {
    name: 'ossp-uuid',
    version: '1.6.2',
    licence: { id: 'MIT' },
    file: 'libossp-uuid.so.16',
    mark: 'OSSP uuid 1.6.2',
  },
  {
    name: 'liblzma',
    version: '5.2.2',
    licence: { name: 'public domain' },
    file: 'liblzma.so.5',
    mark: '5.2.2',
  },
];
