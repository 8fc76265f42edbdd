// The image has no main function: assembly enters it at the names in the files beside this one.
#if !hasFeature(Embedded)
print("BringupImage is a bare-metal image; `make build` builds it.")
#endif
