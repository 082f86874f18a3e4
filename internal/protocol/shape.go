//go:build !frameworkstate

package protocol

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

// shape is what the encoder has to know of the schema at one place: the names of an object's attributes and
// blocks, and whether a list is one of blocks, which is empty where an attribute is null.
type shape struct {
	attributes map[string]*shape // of an object
	element    *shape            // of a list, set or map
	isBlocks   bool
}

// shapeOf returns the shape of a data source's state.
func shapeOf(of any) (*shape, error) {
	s, ok := of.(schema.Schema)
	if !ok {
		return nil, fmt.Errorf("%T is no schema of a data source", of)
	}
	state := shapeOfType(s.Type())
	err := state.markBlocks(s.Blocks)
	return state, err
}

func shapeOfType(t attr.Type) *shape {
	s := new(shape)
	switch t := t.(type) {
	case attr.TypeWithAttributeTypes:
		types := t.AttributeTypes()
		s.attributes = make(map[string]*shape, len(types))
		for name, attribute := range types {
			s.attributes[name] = shapeOfType(attribute)
		}
	case attr.TypeWithElementType:
		s.element = shapeOfType(t.ElementType())
	}
	return s
}

// markBlocks marks the lists and sets of blocks among the attributes of an object.
func (s *shape) markBlocks(blocks map[string]schema.Block) error {
	for name, block := range blocks {
		var (
			err error
			in  = s.attributes[name]
		)
		switch block := block.(type) {
		case schema.SingleNestedBlock:
			err = in.markBlocks(block.Blocks)
		case schema.ListNestedBlock:
			in.isBlocks, err = true, in.element.markBlocks(block.NestedObject.Blocks)
		case schema.SetNestedBlock:
			in.isBlocks, err = true, in.element.markBlocks(block.NestedObject.Blocks)
		default:
			err = fmt.Errorf("%s is a block of type %T", name, block)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
