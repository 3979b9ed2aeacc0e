/** The command of npm on this system. */
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
