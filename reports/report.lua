-- What Quarto does otherwise than trialkit's own engine, and has no setting for.

-- A figure becomes a part of the page: as a picture it would not find the typeface.
function Image(image)
  if quarto.doc.is_format("html") and image.src:match("%.svg$") then
    image.classes:insert("inline-svg")
    return image
  end
end

-- In print two columns and boxes are set by trialkit's own functions (verbatim.lua):
-- Quarto's columns are narrower. A column without a figure is a text beside one.
function Div(div)
  if not (quarto.doc.is_format("typst") and div.classes:includes("pair")) then
    return nil
  end
  div.attributes["layout-ncol"] = nil
  for _, column in ipairs(div.content) do
    local has_figure = false
    column:walk({ Image = function() has_figure = true end })
    if column.t == "Div" and not has_figure then
      column.classes:insert("beside")
    end
  end
  return div
end

function Callout(callout)
  if not quarto.doc.is_format("typst") then
    return nil
  end
  local title = quarto.utils.as_inlines(callout.title or pandoc.Inlines({}))
  if #title == 0 then
    title = pandoc.Inlines(callout.type:gsub("^%l", string.upper))
  end
  local blocks = pandoc.Blocks({ pandoc.Plain(title) })
  blocks:extend(quarto.utils.as_blocks(callout.content))
  return pandoc.Div(blocks, { class = "box", kind = callout.type })
end

-- A word after an @ is text, as in an address, unless it is a label.
function Cite(cite)
  for _, citation in ipairs(cite.citations) do
    local kind = citation.id:match("^(%l+)%-")
    if kind == "fig" or kind == "tbl" or kind == "sec" then
      return nil
    end
  end
  return cite.content
end

-- What trialkit notes for itself is no Markdown: an @ in it is no reference.
function Meta(meta)
  meta.trialkit = nil
  return meta
end
