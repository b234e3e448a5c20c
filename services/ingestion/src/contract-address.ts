/** A contract's address as addresses are compared: on EVM platforms letter case is a checksum and no more, on others it counts. */
export const comparableAddress = (address: string): string =>
  EVM_ADDRESS.test(address) ? address.toLowerCase() : address

const EVM_ADDRESS = /^0x[0-9a-f]{40}$/i
