// The pad by itself.
export default mounted(Pad, ".pad");
