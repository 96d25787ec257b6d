// placeholder until Grids lands
