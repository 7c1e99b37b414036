// The pad by itself.
export default pads(Pad);
